/// How an embedder learns from a teacher's embeddings.
///
/// L = w₁ · mean(1 − cos(s, t)) + w₂ · InfoNCE + w₃ · L_people, where s is the student's embedding of
/// a varied picture and t the teacher's of the picture as it is. InfoNCE (van den Oord et al., 2018,
/// equation 4) is the softmax cross-entropy of picking t among the teacher's embeddings of the
/// batch and of further pictures, on cosines times a scale, the right one lowered by a margin. The loss
/// over people is that of a training without a teacher, on the pictures that have a label; its classes
/// begin as the teacher's means (Svitov and Alyamkin, "MarginDistillation", 2020).
public struct Distillation: Codable, Equatable, Sendable {
  /// The checksum of the file of embeddings.
  public var teacher: String
  /// w₁: the weight of the cosine.
  public var cosineWeight: Float = 2
  /// w₂: the weight of telling the teacher's embeddings apart.
  public var contrastWeight: Float = 0.5
  /// What the cosines of that are multiplied by.
  public var contrastScale: Float = 24
  /// What the right cosine of that is lowered by.
  public var contrastMargin: Float = 0.1
  /// Further pictures a step whose teacher's embeddings are to be told from the batch's.
  public var contrastPictures = 0
  /// w₃: the weight of the loss over people.
  public var peopleWeight: Float = 0

  /// Creates the defaults for a teacher.
  public init(teacher: String) { self.teacher = teacher }

  /// Whether all settings are within reason.
  var isConsistent: Bool {
    [cosineWeight, contrastWeight, contrastScale, peopleWeight]
      .allSatisfy { $0 >= 0 && $0.isFinite } && contrastMargin.isFinite
      && (0...1 << 24).contains(contrastPictures)
  }
}
