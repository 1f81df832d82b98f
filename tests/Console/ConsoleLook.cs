namespace AkkaScale.Tests.Console;

/// <summary>Through what the console is looked at.</summary>
public sealed record ConsoleLook
{
    public int Width { get; init; } = 1440;

    public int Height { get; init; } = 900;

    public bool IsDark { get; init; }

    /// <summary>Whoever looks does not want things to move.</summary>
    public bool IsStill { get; init; }
}
