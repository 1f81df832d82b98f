namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>Folders of one project that use one another, directly or by way of others.</summary>
internal sealed record FolderCircle
{
    public FolderCircle(string project, IEnumerable<string> folders)
    {
        Project = project;
        Folders = [.. folders.Order(StringComparer.Ordinal)];
    }

    public string Project { get; }

    public IReadOnlyList<string> Folders { get; }

    /// <summary>A line of the list: "Project: FolderA FolderB".</summary>
    public override string ToString() => $"{Project}: {string.Join(' ', Folders)}";

    public bool Equals(FolderCircle? other) => ToString() == other?.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Empty lines and those that begin with # are no circles.</summary>
    public static IReadOnlyList<FolderCircle> Read(string list) =>
    [
        .. list.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(": ", 2))
            .Select(parts => new FolderCircle(parts[0], parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))),
    ];
}
