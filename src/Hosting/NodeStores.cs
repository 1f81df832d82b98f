using AkkaScale.Cluster.Membership;
using AkkaScale.Hosting.Options;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting;

/// <summary>Opens the configured store for one incarnation.</summary>
internal sealed class NodeStores(AkkaScaleOptions options, TimeProvider time, ILoggerFactory loggers)
{
    public INodeStore Create(Incarnation incarnation) => throw new NotImplementedException();
}
