using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Console;

/// <summary>A fact that needs Chromium. Where there is none the test is skipped, by name and with the reason, and counted so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = InstalledProgram.ReasonToSkip(Browser.Program);
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = InstalledProgram.ReasonToSkip(Browser.Program);
}
