namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>What is left out of a seed's run; the rest stays as it is.</summary>
/// <param name="WithoutFaults">Numbers of planned faults.</param>
/// <param name="WithoutClients">Numbers of clients.</param>
/// <param name="WithoutNoise">Nothing is lost, late or doubled beside the planned faults.</param>
internal sealed record RunOptions(IReadOnlySet<int> WithoutFaults, IReadOnlySet<int> WithoutClients, bool WithoutNoise)
{
    public static RunOptions Whole { get; } = new(new HashSet<int>(), new HashSet<int>(), false);

    /// <summary>Called with every line of the conversation; null: nobody listens, and no line is made.</summary>
    public Action<string>? Listener { get; init; }

    /// <summary>As arguments of the program.</summary>
    public string Arguments()
    {
        var faults = WithoutFaults.Count == 0 ? "" : $" --without-faults {string.Join(",", WithoutFaults.Order())}";
        var clients = WithoutClients.Count == 0 ? "" : $" --without-clients {string.Join(",", WithoutClients.Order())}";
        return faults + clients + (WithoutNoise ? " --without-noise" : "");
    }
}
