namespace AkkaScale.Tests.Chaos.Load;

/// <summary>What one request came to.</summary>
/// <param name="Http">0 if there was no answer.</param>
/// <param name="Value">As <see cref="TaskFold"/> has it, if the answer shows the task.</param>
/// <param name="Failure">Why there was no answer, or empty.</param>
internal sealed record Attempt(int Http, string Code, long? Version, string? Value, bool IsSilent, string Failure)
{
    public bool IsSuccess => Http is >= 200 and < 300;

    /// <summary>A rule said no: the entity answered.</summary>
    public bool IsRefused => Http is (404 or 409 or 410 or 412);
}
