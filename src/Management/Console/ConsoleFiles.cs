using System.Reflection;
using System.Security.Cryptography;

namespace AkkaScale.Management.Console;

/// <summary>The console's files, as they were embedded in this assembly. Only what is listed there can be asked for: no path is ever put together.</summary>
internal static class ConsoleFiles
{
    private const string Prefix = "console/";

    public const string Start = "index.html";

    public static IReadOnlyDictionary<string, ConsoleFile> All { get; } = Load(typeof(ConsoleFiles).Assembly);

    private static Dictionary<string, ConsoleFile> Load(Assembly assembly) => assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(name => name[Prefix.Length..], name => Read(assembly, name), StringComparer.Ordinal);

    private static ConsoleFile Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new ConsoleFile(content, ContentType(name), $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"The console has a file of a type that is not known: {other}."),
    };
}
