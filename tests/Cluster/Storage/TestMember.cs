using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>One incarnation with its three sessions.</summary>
internal sealed class TestMember : IDisposable
{
    private ILivenessSession _liveness;

    public TestMember(IClusterStore store, string incarnation)
    {
        (Store, Incarnation, Node) = (store, incarnation, NodeOf(incarnation));
        _liveness = store.Register(Node);
        try
        {
            Observer = store.Observe();
            Leases = store.OpenLeases(incarnation);
        }
        catch
        {
            Observer?.Dispose();
            _liveness.Dispose();
            throw;
        }
    }

    public IClusterStore Store { get; }

    public string Incarnation { get; }

    public NodeRegistration Node { get; }

    public ILivenessSession Liveness => _liveness;

    public IObserverSession Observer { get; }

    public ILeaseSession Leases { get; }

    public static NodeRegistration NodeOf(string incarnation) => new(
        incarnation, "a", "akka.tcp://test@127.0.0.1:4711", 42, "http://127.0.0.1:8558/", null, ["entity", "gateway"], "1.0",
        Environment.ProcessId, Registration.StartOf(Environment.ProcessId) ?? 0);

    /// <summary>The row as this member sees one, whatever its state.</summary>
    public NodeRow Row(string incarnation) => Observer.Read([incarnation]).Nodes.Single(node => node.Incarnation == incarnation);

    public NodeRow Row() => Row(Incarnation);

    /// <summary>A new session after the former was lost.</summary>
    public void Resume() => _liveness = Store.Resume(Node);

    public bool Declare(TestMember other, long renewals, NodeState state = NodeState.Live) =>
        Observer.DeclareDead(other.Incarnation, state, renewals, "test");

    /// <summary>Declares it dead whatever its counter.</summary>
    public void DeclareNow(TestMember other)
    {
        var row = Row(other.Incarnation);
        Assert.True(Declare(other, row.Renewals, row.State));
    }

    public LeaseRow Acquire(string name) => Leases.Acquire([name]).Single();

    public void Dispose()
    {
        _liveness.Dispose();
        Observer.Dispose();
        Leases.Dispose();
    }
}
