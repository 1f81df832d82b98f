namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>Who in src may know whom. What is not listed is forbidden, a project that is not listed too.</summary>
internal static class Boundaries
{
    public const string AssemblyPrefix = "AkkaScale.";

    private static readonly string[] StoreOwners = ["Cluster", "Journal"];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Entities"] = [],
        ["Domain"] = ["Entities"],
        ["Cluster"] = [],
        ["Journal"] = ["Cluster"],
        ["Sharding"] = ["Entities", "Cluster", "Journal"],
        ["Gateway"] = ["Entities", "Domain"],
        ["Management"] = ["Entities", "Cluster", "Journal", "Sharding"],
        ["Node"] = ["Entities", "Domain", "Cluster", "Journal", "Sharding", "Gateway", "Management"],
        ["Pbm"] = [],
        ["TestKit"] = ["Entities", "Sharding"],
    };

    private static readonly string[] StoreNames = ["Npgsql", "Microsoft.Data.Sqlite", "SQLitePCLRaw", "SQLitePCL", "Dapper", "System.Data.SQLite"];

    public static IReadOnlyCollection<string> Projects => Allowed.Keys;

    /// <summary>Time, randomness and identity come from outside in these.</summary>
    public static IReadOnlyList<string> Deterministic { get; } = ["Entities", "Domain", "Cluster", "Journal", "Sharding", "Gateway"];

    /// <param name="name">Of the project that refers.</param>
    /// <param name="projects">Names of projects it refers to.</param>
    /// <param name="libraries">Names of packages or foreign assemblies it refers to.</param>
    /// <returns>One sentence for each forbidden edge.</returns>
    public static IEnumerable<string> Violations(string name, IEnumerable<string> projects, IEnumerable<string> libraries)
    {
        if (!Allowed.TryGetValue(name, out var allowed))
        {
            yield return $"{name} is not listed: say whom it may know.";
            yield break;
        }

        foreach (var project in projects.Where(project => !allowed.Contains(project)))
        {
            yield return $"{name} must not know {project}.";
        }

        foreach (var library in libraries.Where(IsStore).Where(_ => !StoreOwners.Contains(name)))
        {
            yield return $"{name} must not know {library}: only Cluster and Journal speak SQL.";
        }

        if (name is "Entities" or "Domain")
        {
            foreach (var library in libraries.Where(library => !IsAnalyzer(library) && !IsRuntime(library)))
            {
                yield return $"{name} must not know {library}: it is pure.";
            }
        }
    }

    private static bool IsStore(string library) => StoreNames.Any(
        store => library == store || library.StartsWith($"{store}.", StringComparison.OrdinalIgnoreCase));

    private static bool IsAnalyzer(string library) => library.EndsWith("Analyzers", StringComparison.Ordinal);

    private static bool IsRuntime(string library) =>
        library is "netstandard" or "mscorlib" || library.StartsWith("System.", StringComparison.Ordinal);
}
