namespace AkkaScale.Journal.Writing;

/// <summary>What became of a statement.</summary>
internal abstract record WriteOutcome
{
    /// <summary>It committed.</summary>
    /// <param name="Held">For each slice of the batch: whether its lease was held and it was written.</param>
    public sealed record Answered(bool[] Held) : WriteOutcome;

    /// <inheritdoc cref="LaneInput.Failed"/>
    public sealed record Failed(Exception Error, bool MayPass) : WriteOutcome;

    /// <inheritdoc cref="LaneInput.NotSent"/>
    public sealed record NotSent(Exception Error) : WriteOutcome;

    /// <inheritdoc cref="LaneInput.Unknown"/>
    public sealed record Unknown(Exception? Error) : WriteOutcome;
}
