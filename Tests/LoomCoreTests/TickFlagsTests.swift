import LoomCore
import Testing

@Test(arguments: RejectReason.allCases)
func `flags carry every refusal beside the kind of record`(reason: RejectReason) {
  let flags: TickFlags = [.bar, .seller, TickFlags(refusal: reason)]
  #expect(flags.refusal == reason)
  #expect(flags.contains([.bar, .seller]))
  #expect(!flags.contains(.quote))
}

@Test func `flags without a refusal have none`() {
  #expect(TickFlags(refusal: nil) == [])
  #expect((TickFlags.quote.union(.trade)).refusal == nil)
}
