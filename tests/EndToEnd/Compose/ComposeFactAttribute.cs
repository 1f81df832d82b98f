using AkkaScale.TestKit.Networks;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd.Compose;

/// <summary>
/// A fact about the compose file's containers. Where the machine has not what it takes the test is skipped, with the reason, and counted so.
/// </summary>
internal sealed class ComposeFactAttribute : FactAttribute
{
    public ComposeFactAttribute() =>
        Skip = InstalledProgram.ReasonToSkip(ComposeFile.Program) ?? InstalledProgram.ReasonToSkip(NginxProcess.Program) ?? SpecNetwork.WhyNot;
}
