using System.Text.RegularExpressions;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Unit.Deploy;

/// <summary>What is shipped next to the program: image, compose file, nginx, scripts.</summary>
internal static partial class DeployFiles
{
    public static string Dockerfile => Read("Dockerfile");

    public static string Compose => Read("docker-compose.yml");

    public static string Nginx => Read("deploy/nginx.conf");

    public static string Entrypoint => Read("deploy/entrypoint.sh");

    public static string Configuration => Read("docs/configuration.md");

    public static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    /// <summary>Every AKKASCALE__… variable that a file sets, as a configuration key in upper case: NODE:ROLES.</summary>
    public static IReadOnlySet<string> VariablesOf(string text) =>
        Variable().Matches(text).Select(match => match.Groups["key"].Value.Replace("__", ":", StringComparison.Ordinal)).ToHashSet();

    /// <summary>The lines of one service of the compose file, without those of the next.</summary>
    public static string Service(string name)
    {
        var lines = Compose.Split('\n').SkipWhile(line => line != "services:").SkipWhile(line => line != $"  {name}:").Skip(1);
        return string.Join('\n', lines.TakeWhile(line => line.Length == 0 || line.StartsWith("    ", StringComparison.Ordinal)));
    }

    [GeneratedRegex("AKKASCALE__(?<key>[A-Z0-9]+(__[A-Z0-9]+)+)")]
    private static partial Regex Variable();
}
