using AkkaScale.TestKit.Networks;

namespace AkkaScale.Tests.Chaos;

/// <summary>A fact about wall clocks and fsync, which need a C compiler. Without one it is skipped, and counted so; the smoke tests leave those nemeses out then.</summary>
internal sealed class CompilerFactAttribute : FactAttribute
{
    public CompilerFactAttribute() => Skip = SpecNetwork.WhyNot ?? (IsInstalled ? null : "There is no C compiler (cc): slow-fsync, clock-node and clock-database are left out.");

    private static bool IsInstalled =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, "cc")));
}
