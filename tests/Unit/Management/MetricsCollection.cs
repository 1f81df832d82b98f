namespace AkkaScale.Tests.Unit.Management;

/// <summary>
/// Not beside tests that start nodes: OpenTelemetry takes meters of one name for one, and ends its series when the first of them is
/// disposed of. In a process with one node, as it ships, there is one of each.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MetricsCollection
{
    public const string Name = "metrics";
}
