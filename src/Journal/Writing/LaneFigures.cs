namespace AkkaScale.Journal.Writing;

/// <summary>What a lane did since it was started, and how it stands.</summary>
/// <param name="Waiting">Requests that wait for the writer.</param>
/// <param name="Settling">True while the outcome of a batch is being found out.</param>
/// <param name="Trouble">Why the database cannot be written to at this moment; null when it can.</param>
public sealed record LaneFigures(
    long Batches,
    long Rows,
    long UnfencedRows,
    long RefusedSlices,
    long FailedRequests,
    long UnknownOutcomes,
    int Waiting,
    bool Settling,
    string? Trouble);
