namespace AkkaScale.Pbm.Traces;

/// <summary>One line of an activity trace.</summary>
/// <param name="Line">From 1; part of the idempotency key.</param>
/// <param name="At">Unix seconds.</param>
/// <param name="Title">On create and rename only.</param>
public readonly record struct TraceAction(
    int Line,
    long At,
    string User,
    string Project,
    string Task,
    TraceActionKind Kind,
    string? Title);
