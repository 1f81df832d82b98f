using System.Diagnostics;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>pbm as others install it: packed, installed from the package, run by its name.</summary>
public sealed class PackagedToolTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-tool-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task The_package_installs_as_a_tool_that_runs()
    {
        var (packages, tools) = (Path.Combine(_directory.FullName, "packages"), Path.Combine(_directory.FullName, "tools"));
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(Repository.PbmProgram)))!;
        await RunAsync("dotnet", "pack", Path.Combine(Repository.Root, "src", "Pbm"), "-c", configuration, "--no-build", "-o", packages, "-v", "q", "--nologo");

        // From the package alone: the tool brings what it needs.
        var sources = Path.Combine(_directory.FullName, "nuget.config");
        await File.WriteAllTextAsync(sources, $"""<configuration><packageSources><clear/><add key="packed" value="{packages}"/></packageSources></configuration>""");
        await RunAsync("dotnet", "tool", "install", "AkkaScale.Pbm", "--tool-path", tools, "--configfile", sources);

        Assert.Contains("pbm shards move", await RunAsync(Path.Combine(tools, "pbm"), "shards", "move", "--help"), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Bound);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {process.ExitCode}\n{await output}\n{await errors}");
        return await output;
    }
}
