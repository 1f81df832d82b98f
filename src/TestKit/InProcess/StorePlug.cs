using AkkaScale.Hosting;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Audit;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.TestKit.InProcess;

/// <summary>What stands between one node and its store. Pulled, nothing that the node sends arrives any more: reads fail, writes have no outcome.</summary>
internal sealed class StorePlug
{
    private volatile bool _isPulled;

    public bool IsPulled
    {
        get => _isPulled;
        set => _isPulled = value;
    }

    public NodeStore Through(NodeStore store) => store with
    {
        Cluster = PluggedPort<IClusterStore>.Around(store.Cluster, this),
        Journal = PluggedPort<IJournal>.Around(store.Journal, this),
        Audit = PluggedPort<IAuditStore>.Around(store.Audit, this),
    };

    /// <summary>The answer of a port whose plug is pulled, by what its method returns.</summary>
    internal static object? Answer(Type returned, object?[] arguments) => returned switch
    {
        _ when returned == typeof(WriteOutcome) => Unknown(arguments),
        _ when returned == typeof(Task<WriteOutcome>) => Task.FromResult(WriteOutcome.Unknown),
        _ when returned == typeof(Task<SliceOutcome[]>) && arguments[0] is IReadOnlyList<ShardSlice> slices =>
            Task.FromResult(slices.Select(_ => new SliceOutcome(SliceStatus.Unknown, Words)).ToArray()),
        _ when returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>) => Failed(returned.GetGenericArguments()[0]),
        _ when returned == typeof(Task) => Task.FromException(new StoreUnavailableException(Words)),
        _ => throw new StoreUnavailableException(Words),
    };

    private const string Words = "The node is cut off from its store by its test.";

    /// <summary>A renewal: the counter it was asked with is all it knows.</summary>
    private static WriteOutcome Unknown(object?[] arguments)
    {
        arguments[2] = arguments[0];
        return WriteOutcome.Unknown;
    }

    private static object Failed(Type result) => typeof(Task).GetMethods()
        .Single(method => method is { Name: nameof(Task.FromException), IsGenericMethod: true })
        .MakeGenericMethod(result)
        .Invoke(null, [new StoreUnavailableException(Words)])!;
}
