namespace AkkaScale.StockKill;

/// <summary>How the same program is put together.</summary>
internal enum Variant
{
    /// <summary>Akka.NET as it comes: its failure detector, its split-brain resolver (keep-majority, stable after 20 s), its SQL journal.</summary>
    Stock,

    /// <summary>The same with the resolver's waits that Akka's documentation gives for a cluster of this size: stable after 7 s.</summary>
    Tuned,

    /// <summary>With this project's plug-ins at their defaults.</summary>
    AkkaScale,
}

/// <summary>One node of a run; goes to its process as JSON.</summary>
/// <param name="Seed">Remoting port of the node that founds a stock cluster.</param>
internal sealed record NodeSettings(Variant Variant, string ConnectionString, int Port, int HttpPort, int Seed);
