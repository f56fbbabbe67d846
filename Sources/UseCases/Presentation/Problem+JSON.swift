public import UseCases

extension Problem {
  /// The members of a problem object.
  ///
  /// Reference: RFC 9457.
  public func members(requestID: String) -> JSONMembers {
    [
      "type": "about:blank", "title": title, "status": status, "detail": detail, "code": code,
      "request_id": requestID,
    ]
  }
}
