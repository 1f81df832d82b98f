using Akka.Actor;
using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Inspection;

/// <summary>Asks the <see cref="NodeActor"/> of this or another node. Null: it did not answer in time.</summary>
internal sealed class NodeInspector(ActorSystem system)
{
    /// <summary>A little longer than the node itself waits.</summary>
    private static readonly TimeSpan Patience = NodeActor.Patience + TimeSpan.FromMilliseconds(200);

    public Task<UnreachedAnswer?> UnreachedAsync(string address, CancellationToken cancellationToken) =>
        AskAsync<UnreachedAnswer>(address, new AskUnreached(), cancellationToken);

    public Task<ResidentsAnswer?> ResidentsAsync(string address, string region, CancellationToken cancellationToken) =>
        AskAsync<ResidentsAnswer>(address, new AskResidents(region), cancellationToken);

    public Task<EntitiesAnswer?> EntitiesAsync(string address, AskEntities ask, CancellationToken cancellationToken) =>
        AskAsync<EntitiesAnswer>(address, ask, cancellationToken);

    public Task<BusiestAnswer?> BusiestAsync(string address, AskBusiest ask, CancellationToken cancellationToken) =>
        AskAsync<BusiestAnswer>(address, ask, cancellationToken);

    public Task<LookAnswer?> LookAsync(string address, EntityKey entity, CancellationToken cancellationToken) =>
        AskAsync<LookAnswer>(address, new AskLook(entity.Kind, entity.Id), cancellationToken);

    public Task<PassivationAnswer?> PassivateAsync(string address, EntityKey entity, CancellationToken cancellationToken) =>
        AskAsync<PassivationAnswer>(address, new AskPassivation(entity.Kind, entity.Id), cancellationToken);

    /// <param name="address">Of the node's remoting, as Akka writes it.</param>
    private async Task<T?> AskAsync<T>(string address, object question, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await system.ActorSelection($"{address}/user/{NodeActor.Name}").Ask<T>(question, Patience, cancellationToken);
        }
        catch (Exception silence) when (silence is AskTimeoutException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
