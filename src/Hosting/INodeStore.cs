using AkkaScale.Cluster.Ownership;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Hosting;

/// <summary>One store in both of its parts: the arbiter of the cluster and the journal.</summary>
internal interface INodeStore : IClusterStore, IJournal, IAsyncDisposable;
