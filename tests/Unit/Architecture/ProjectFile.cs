using System.Xml.Linq;

namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>What a project file refers to.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Projects">Names of referenced projects.</param>
/// <param name="Packages">Names of referenced packages.</param>
internal sealed record ProjectFile(string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public static IReadOnlyList<ProjectFile> OfSource() =>
    [
        .. Directory.GetFiles(RepositoryFolder.At("src"), "*.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path))),
    ];

    public static ProjectFile Parse(string name, string xml)
    {
        var elements = XDocument.Parse(xml).Descendants().ToList();
        return new(
            name,
            [.. Included("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))],
            [.. Included("PackageReference")]);

        IEnumerable<string> Included(string element) => elements
            .Where(e => e.Name.LocalName == element)
            .Select(e => (string?)e.Attribute("Include") ?? (string?)e.Attribute("Update") ?? "(nothing)");
    }
}
