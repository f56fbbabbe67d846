import CommandLineArguments

/// Options that the attacks share, whose commands read them from the arguments.
enum SharedOptions {
  static let models = ModelsFolder.options[0]
  static let victim = CommandOption.value(
    "--model", "NAME", "The embedder that decides about success; f_c if not given.")
  static let surrogate = CommandOption.value(
    "--made-against", "NAME",
    "The embedder that the attack sees, if another (transfer); that of --model if not given.")
}

extension Arguments {
  /// The value of an option as it stands there, if given.
  func text(_ name: String) -> String? { (try? optional(name, .text)) ?? nil }
}
