using Akka.Actor;
using AkkaScale.Management.Facts;

namespace AkkaScale.Node.Lifecycle;

/// <summary>The one actor system of this process, and what becomes of it. Thread-safe.</summary>
internal sealed class NodeSystem : INodeState
{
    private readonly TaskCompletionSource<ActorSystem> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ActorSystem? _created;
    private volatile bool _isLeaving;
    private volatile bool _isOpen;
    private int _exitCode;

    /// <summary>From when its remoting listens; it need not be a member, nor have reached its database.</summary>
    public ActorSystem? Created => _created;

    /// <summary>Completes when its database has been reached and its regions run.</summary>
    public Task<ActorSystem> Started => _started.Task;

    public bool IsLeaving => _isLeaving;

    /// <summary>Of the process, if nothing else ends it.</summary>
    public int ExitCode
    {
        get => Volatile.Read(ref _exitCode);
        set => Volatile.Write(ref _exitCode, value);
    }

    /// <summary>Null while it has not started, or is gone.</summary>
    public ActorSystem? Running => Started.IsCompletedSuccessfully && !Started.Result.WhenTerminated.IsCompleted ? Started.Result : null;

    public bool IsMember => NodeTroubles.IsMember(Running);

    /// <summary>Empty when this node should get traffic.</summary>
    public IReadOnlyList<string> NotReadyReasons =>
        MembershipTroubles is { Count: > 0 } troubles ? troubles : _isOpen ? [] : ["the gateway is not open yet: the way to the entities is tried first"];

    /// <summary>Empty when this node can ask entities.</summary>
    public IReadOnlyList<string> MembershipTroubles => NodeTroubles.Of(Running, _isLeaving);

    public void Create(ActorSystem system) => _created = system;

    public void Start(ActorSystem system) => _started.TrySetResult(system);

    /// <summary>Its gateway, if it has one, listens.</summary>
    public void Open() => _isOpen = true;

    public void Leave() => _isLeaving = true;
}
