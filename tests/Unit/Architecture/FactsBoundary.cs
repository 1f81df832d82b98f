namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>
/// What the management port shows and orders through the interfaces of Hosting/Facts it asks through nothing else, so that another engine can serve the same
/// routes. Orders of nodes, pins, plans, drills, the doctor, reports, events, audit and transfers still ask the present engine and are not listed.
/// </summary>
internal static class FactsBoundary
{
    public const string Facts = "AkkaScale.Hosting.Facts";

    private const string Ours = "AkkaScale.";
    private const string Port = "AkkaScale.Hosting.Management";

    /// <summary>May be used besides: other rooms of Hosting that know no engine, and the contract of entities.</summary>
    private static readonly string[] Allowed =
        ["AkkaScale.Hosting.Access", "AkkaScale.Entities"];

    public static IReadOnlyList<string> Endpoints { get; } =
        ["ClusterEndpoints", "EntityEndpoints", "HealthEndpoints", "JournalEndpoints", "MemberEndpoints", "ShardEndpoints"];

    /// <summary>Uses of what the endpoints must not know, by themselves or by any type of the port that they use.</summary>
    public static IEnumerable<CompiledAssembly.Use> OfEndpoints(IReadOnlyCollection<CompiledAssembly.Use> uses)
    {
        var byUser = uses.ToLookup(use => use.User);
        var seen = new HashSet<string>(Endpoints.Select(name => $"{Port}.{name}"));
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out var user))
        {
            foreach (var use in byUser[user])
            {
                if (IsIn(Port, use.Type))
                {
                    if (seen.Add(Outermost(use.Type)))
                    {
                        open.Enqueue(Outermost(use.Type));
                    }
                }
                else if (use.Type.StartsWith(Ours, StringComparison.Ordinal) && !IsIn(Facts, use.Type) && !Allowed.Any(allowed => IsIn(allowed, use.Type)))
                {
                    yield return use;
                }
            }
        }
    }

    /// <summary>The facts themselves know nothing of ours.</summary>
    public static IEnumerable<CompiledAssembly.Use> OfFacts(IEnumerable<CompiledAssembly.Use> uses) => uses.Where(use =>
        IsIn(Facts, use.User) && use.Type.StartsWith(Ours, StringComparison.Ordinal) && !IsIn(Facts, use.Type));

    private static string Outermost(string type) => type.Split('+')[0];

    private static bool IsIn(string place, string type) => Outermost(type) == place || type.StartsWith($"{place}.", StringComparison.Ordinal);
}
