namespace AkkaScale.Pbm.Load.Model;

/// <summary>One command to send, and the answer that the model expects.</summary>
/// <param name="Line">Of the trace action it comes from.</param>
/// <param name="Text">The name, title or comment; empty where the step has none.</param>
/// <param name="Project">Of a create and a move.</param>
public sealed record LoadCommand(
    int Line,
    LoadStep Step,
    string EntityId,
    string ActingUser,
    string Text,
    string? Project,
    ExpectedAnswer Expected)
{
    /// <summary>The same for every attempt and every run over the same trace.</summary>
    public string IdempotencyKey => $"trace-{Line}-{StepName}";

    public string StepName => LoadStepNames.Of(Step);

    public string Entity => $"{LoadStepNames.KindOf(Step)}/{EntityId}";
}
