using Akka.Actor;

namespace AkkaScale.Management.Facts;

/// <summary>What the process in which the management port runs knows of itself. Thread-safe.</summary>
public interface INodeState
{
    /// <summary>From when its remoting listens; it need not be a member, nor have reached its database. Null before.</summary>
    ActorSystem? Created { get; }

    /// <summary>Completes when its database has been reached and its regions run.</summary>
    Task<ActorSystem> Started { get; }

    /// <summary>Null while it has not started, or is gone.</summary>
    ActorSystem? Running { get; }

    /// <summary>Whether this process is a member of the cluster.</summary>
    bool IsMember { get; }

    /// <summary>Empty when this node should get traffic.</summary>
    IReadOnlyList<string> NotReadyReasons { get; }
}
