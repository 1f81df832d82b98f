namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>
/// Which folder of a project uses which. Folders are the namespaces below the project's root namespace, "." being the root itself; uses are those of
/// the compiled assembly, bodies of methods included. What the compiler puts in place of a name leaves no trace there: constants and nameof.
/// </summary>
internal sealed class FolderGraph
{
    private readonly SortedDictionary<string, SortedDictionary<string, CompiledAssembly.Use>> _uses = new(StringComparer.Ordinal);

    private FolderGraph()
    {
    }

    /// <param name="root">Namespace of the project.</param>
    public static FolderGraph Of(string root, IEnumerable<CompiledAssembly.Use> uses)
    {
        var graph = new FolderGraph();
        foreach (var use in uses)
        {
            if (FolderOf(root, use.User) is { } from && FolderOf(root, use.Type) is { } to && from != to)
            {
                graph.UsesOf(from).TryAdd(to, use);
            }
        }

        return graph;
    }

    /// <summary>Folders that reach one another, each circle as large as it is: strongly connected components of more than one. Sorted.</summary>
    public IReadOnlyList<FolderCircle> Circles(string project)
    {
        var reached = _uses.Keys.ToDictionary(folder => folder, Reached);
        return
        [
            .. reached.Keys.Where(folder => reached[folder].Contains(folder))
                .Select(folder => new FolderCircle(project, reached[folder].Where(other => reached.TryGetValue(other, out var back) && back.Contains(folder))))
                .DistinctBy(circle => circle.ToString())
                .OrderBy(circle => circle.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>One use for each pair of folders of a circle.</summary>
    public IEnumerable<string> UsesWithin(FolderCircle circle) =>
        from folder in circle.Folders
        from used in _uses[folder]
        where circle.Folders.Contains(used.Key)
        select $"{folder} -> {used.Key}: {used.Value}";

    private HashSet<string> Reached(string start)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([start]);
        while (open.TryPop(out var folder))
        {
            foreach (var next in _uses.TryGetValue(folder, out var used) ? used.Keys.Where(reached.Add) : [])
            {
                open.Push(next);
            }
        }

        return reached;
    }

    private SortedDictionary<string, CompiledAssembly.Use> UsesOf(string folder)
    {
        if (!_uses.TryGetValue(folder, out var used))
        {
            _uses[folder] = used = new SortedDictionary<string, CompiledAssembly.Use>(StringComparer.Ordinal);
        }

        return used;
    }

    /// <summary>Null: not of this project.</summary>
    private static string? FolderOf(string root, string type)
    {
        var outermost = type.Split('+')[0];
        var space = outermost.LastIndexOf('.') is > 0 and var end ? outermost[..end] : "";
        return space == root ? "." : space.StartsWith($"{root}.", StringComparison.Ordinal) ? space[(root.Length + 1)..] : null;
    }
}
