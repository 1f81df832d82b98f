namespace AkkaScale.Node.Options;

/// <summary>The configuration cannot work; each problem says what to change.</summary>
public sealed class OptionsRefusedException(IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
