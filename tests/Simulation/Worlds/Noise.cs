namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>How likely it is, at this moment, that something sent fares badly. The chances are drawn all the same when they are nil.</summary>
internal sealed class Noise
{
    /// <summary>To the store and back.</summary>
    public double LostRequest { get; set; }

    public double LostReply { get; set; }

    /// <summary>Carried out after its sender has given it up.</summary>
    public double LateExecution { get; set; }

    public double SlowRequest { get; set; }

    /// <summary>Between nodes, and between clients and gateways.</summary>
    public double LostFrame { get; set; }

    public double ResetConnection { get; set; }

    public double DoubledFrame { get; set; }

    public double SlowFrame { get; set; }

    public static Noise Of(double level, Random random) => new()
    {
        LostRequest = level * random.NextDouble() * 0.02,
        LostReply = level * random.NextDouble() * 0.02,
        LateExecution = level * random.NextDouble() * 0.02,
        SlowRequest = level * random.NextDouble() * 0.1,
        LostFrame = level * random.NextDouble() * 0.01,
        ResetConnection = level * random.NextDouble() * 0.005,
        DoubledFrame = level * random.NextDouble() * 0.05,
        SlowFrame = level * random.NextDouble() * 0.1,
    };
}
