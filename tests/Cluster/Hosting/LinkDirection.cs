namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>What a cut keeps from passing, seen from the node that is told to cut.</summary>
public enum LinkDirection
{
    Both,
    Send,
    Receive,
}
