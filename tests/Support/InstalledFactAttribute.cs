using Xunit;

namespace AkkaScale.Tests.Support;

/// <summary>A fact that needs a program of the machine. Where it is missing the test is skipped, by name and with the reason, and counted so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InstalledFactAttribute : FactAttribute
{
    public InstalledFactAttribute(string program) => Skip = InstalledProgram.ReasonToSkip(program);
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InstalledTheoryAttribute : TheoryAttribute
{
    public InstalledTheoryAttribute(string program) => Skip = InstalledProgram.ReasonToSkip(program);
}
