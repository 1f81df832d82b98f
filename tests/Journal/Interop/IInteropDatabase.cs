using Akka.Actor;
using Akka.Configuration;

namespace AkkaScale.Tests.Journal.Interop;

/// <summary>A database that the stock plugin and ours share.</summary>
public interface IInteropDatabase : IAsyncDisposable
{
    Config StockSettings { get; }

    /// <summary>A system with ours, holding the lease shard-0.</summary>
    Task<ActorSystem> StartOursAsync(Config settings);

    /// <summary>An empty one of the same kind.</summary>
    Task<IInteropDatabase> AnotherAsync();
}
