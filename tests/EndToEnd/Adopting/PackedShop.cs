using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd.Adopting;

/// <summary>The packages in a folder, and programs that are restored from it; all else they need was restored with this repository.</summary>
public sealed class PackedShop : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-adopt-");

    internal AdoptPage Page { get; } = new();

    /// <summary>The folder with the packages.</summary>
    public string Packages { get; private set; } = "";

    /// <summary>The program as it was.</summary>
    public string Stock { get; private set; } = "";

    /// <summary>After the last step.</summary>
    public string Adopted { get; private set; } = "";

    /// <summary>The same without the line that says which persistence ids are a region's.</summary>
    public string Unmapped { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var (packages, cache) = (Path.Combine(_directory.FullName, "packed"), PackageCache());
        Packages = packages;
        await RunAsync(Path.Combine(Repository.Root, "pack.sh"), "--no-build", "--configuration", Configuration(), packages);
        await File.WriteAllTextAsync(
            Path.Combine(_directory.FullName, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_directory.FullName, "restored")}" /></config>
              <packageSources><clear /><add key="packed" value="{packages}" /><add key="cache" value="{cache}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="cache" value="{cache}" /></fallbackPackageFolders>
            </configuration>
            """);
        var adopted = Page.After(Page.Steps);
        var unmapped = string.Concat(adopted["Program.cs"].Split('\n').Where(line => !line.Contains(".WithLeasedRegion(", StringComparison.Ordinal)).Select(line => $"{line}\n"));
        var built = await Task.WhenAll(
            BuildAsync("stock", Page.Program), BuildAsync("adopted", adopted),
            BuildAsync("unmapped", new Dictionary<string, string>(adopted) { ["Program.cs"] = unmapped }));
        (Stock, Adopted, Unmapped) = (built[0], built[1], built[2]);
    }

    /// <returns>The program's assembly.</returns>
    internal async Task<string> BuildAsync(string name, IReadOnlyDictionary<string, string> files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory.FullName, name)).FullName;
        foreach (var (file, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), text);
        }

        await RunAsync("dotnet", "build", folder, "-nologo", "-v", "quiet", "-o", Path.Combine(folder, "out"));
        return Path.Combine(folder, "out", "shop.dll");
    }

    public Task DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private static string PackageCache() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Configuration() =>
        Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(Repository.PbmProgram)))!;

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // The first would go before the folder of the configuration, the second starts a server that outlives the test.
        var environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = "", ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" };
        var run = await ProgramRun.ExecuteAsync(program, arguments, Bound, environment);
        Assert.True(run.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {run}");
    }
}
