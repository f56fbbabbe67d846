import Experiments
import Images
import NeuralNetworks
import PictureTensors
import Reconstruction
import SeededRandom
import Tensors
import TestSupport
import Testing

@Suite struct FaceSynthesisTests {
  static let faces = (0..<3).map { SyntheticPeople.picture(person: $0, variant: 1, side: 16) }

  @Test("a face's own codes make its reconstruction, others' attributes another face")
  func transfer() {
    let networks = FaceReconstructor.tiny()
    let codes = networks.codes(of: Self.faces)
    #expect(codes.count == 3)
    #expect(
      networks.faces(of: codes)
        == networks.reconstruct(Variable(Tensor(Self.faces))).value.pictures())
    let turned = codes.entries([0, 1]).with(attributesOf: codes.entries([1, 0]))
    let made = networks.faces(of: turned)
    #expect(made[0] != networks.faces(of: codes)[0])
    #expect(made[0] == networks.faces(of: turned.entries([0]))[0])
  }

  @Test("a morph begins and ends at its faces, and moves only what it is told to")
  func morph() {
    let networks = FaceReconstructor.tiny()
    let codes = networks.codes(of: Self.faces)
    let both = codes.morph(.both, steps: 5)
    #expect(both.count == 5)
    #expect(both.identity.entries(0..<1) == codes.identity.entries(0..<1))
    #expect(both.attributes.entries(4..<5) == codes.attributes.entries(2..<3))
    let middle = codes.attributes.entries(0..<1) * 0.5 + codes.attributes.entries(2..<3) * 0.5
    #expect(both.attributes.entries(2..<3) == middle)
    let attributes = codes.morph(.attributes, steps: 3)
    #expect(attributes.identity.entries(2..<3) == codes.identity.entries(0..<1))
    #expect(attributes.attributes.entries(2..<3) == codes.attributes.entries(2..<3))
    let identity = codes.morph(.identity, steps: 3)
    #expect(identity.identity.entries(2..<3) == codes.identity.entries(2..<3))
    #expect(identity.attributes.entries(2..<3) == codes.attributes.entries(0..<1))
  }

  @Test("a face and its mirror image are turned to the front with the same attributes")
  func frontal() {
    let networks = FaceReconstructor.tiny()
    let x = Variable(Tensor([Self.faces[0]]))
    let mirrored = x.mirrored().value.pictures()[0]
    let result = Frontalization.face(of: Self.faces[0], networks: networks)
    let own = networks.codes(of: [Self.faces[0]])
    let z = networks.codes(of: [mirrored, Self.faces[0]]).meanAttributes
    #expect(result == networks.faces(of: FaceCodes(identity: own.identity, attributes: z))[0])
    #expect(result != networks.faces(of: own)[0])
    // With one frontal face its attributes are taken as they are.
    let given = Frontalization.face(
      of: Self.faces[0], frontal: [Self.faces[1]], networks: networks)
    let model = networks.codes(of: [Self.faces[1]])
    #expect(given == networks.faces(of: own.with(attributesOf: model))[0])
  }
}
