namespace AkkaScale.Tests.Verdict;

/// <summary>One thing that was said, or that stands in the journal.</summary>
/// <param name="At">Microseconds from the start of the run; null for the journal.</param>
/// <param name="IsOffending">Part of the contradiction; the others are there to be understood by.</param>
public sealed record ConversationLine(long? At, string Text, bool IsOffending)
{
    public override string ToString() => $"{(IsOffending ? '>' : ' ')} {(At is { } at ? Moment.Of(at) : "journal"),12}  {Text}";
}
