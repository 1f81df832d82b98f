namespace AkkaScale.Pbm.Load.Model;

/// <summary>Stable names: they are part of idempotency keys and of the JSON report.</summary>
internal static class LoadStepNames
{
    public static string Of(LoadStep step) => step switch
    {
        LoadStep.User => "user",
        LoadStep.Project => "project",
        LoadStep.Create => "create",
        LoadStep.Comment => "comment",
        LoadStep.Move => "move",
        LoadStep.Rename => "rename",
        LoadStep.Complete => "complete",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    public static string KindOf(LoadStep step) => step switch
    {
        LoadStep.User => "user",
        LoadStep.Project => "project",
        _ => "task",
    };
}
