namespace AkkaScale.Tests.Verdict;

/// <summary>How operations ended.</summary>
/// <param name="UnknownWrites">Commands whose client does not know whether they took effect.</param>
/// <param name="UnknownInJournal">Those of them that did.</param>
public sealed record OperationCounts(
    long Reads, long AcknowledgedWrites, long Refused, long Unchanged, long FailedReads, long UnknownWrites, long UnknownInJournal);
