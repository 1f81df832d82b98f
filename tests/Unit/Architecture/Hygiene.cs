using System.Text.RegularExpressions;

namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>What must not be in a file of the repository.</summary>
internal static partial class Hygiene
{
    private static readonly HashSet<string> PublicHosts = new(StringComparer.OrdinalIgnoreCase)
    {
        "api.nuget.org", "www.nuget.org", "registry.npmjs.org", "mcr.microsoft.com", "registry-1.docker.io", "proxy.golang.org",
    };

    private static readonly string[] PackageSettings = ["nuget.config", ".npmrc", "pip.conf", ".pypirc", "config.toml", "sources.list"];

    /// <param name="path">From the root.</param>
    /// <returns>One sentence for each finding.</returns>
    public static IEnumerable<string> Findings(string path, byte[] content)
    {
        if (content.Length == 0 || content.Contains((byte)0))
        {
            yield break;
        }

        if (content[^1] != '\n')
        {
            yield return $"{path} does not end with a newline.";
        }

        var text = System.Text.Encoding.UTF8.GetString(content);
        foreach (Match match in BuildMachinePath().Matches(text))
        {
            yield return $"{path}:{LineOf(text, match.Index)} names a folder of a build machine: {match.Value}";
        }

        var isPackageSettings = PackageSettings.Contains(Path.GetFileName(path).ToLowerInvariant());
        foreach (Match match in Url().Matches(text))
        {
            var host = match.Groups["host"].Value;
            if (!PublicHosts.Contains(host) && (isPackageSettings || PrivateHost().IsMatch(host)))
            {
                yield return $"{path}:{LineOf(text, match.Index)} names the registry {host}.";
            }
        }
    }

    private static int LineOf(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    // Character classes keep the pattern from finding itself.
    [GeneratedRegex(@"(?<![\w.~}])/(?:[w]ork|[f]arm|[U]sers/[a-z]+|[h]ome/(?!app\b)[a-z]+|[r]oot/\.)/[^\s""'`)]*")]
    private static partial Regex BuildMachinePath();

    [GeneratedRegex(@"https?://(?:[^/\s""'<>@]*@)?(?<host>[A-Za-z0-9.-]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    [GeneratedRegex(
        @"(?:^|[.-])(?:artifactory|nexus|registry|mirrors?|nuget|npm|pypi)(?:[.-]|$)|\.(?:internal|corp|lan|intra)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PrivateHost();
}
