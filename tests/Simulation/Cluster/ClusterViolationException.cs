namespace AkkaScale.Tests.Simulation.Cluster;

internal sealed class ClusterViolationException(string message) : Exception(message);
