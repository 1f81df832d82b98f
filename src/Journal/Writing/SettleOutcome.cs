namespace AkkaScale.Journal.Writing;

/// <summary>What the database said about a batch that was in doubt.</summary>
/// <param name="Written">For each request of the batch whether its rows are there; null when it could not be told.</param>
/// <param name="Error">Why not.</param>
internal readonly record struct SettleOutcome(bool[]? Written, Exception? Error = null);
