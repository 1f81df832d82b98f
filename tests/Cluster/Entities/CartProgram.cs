// The sample in the README; a test holds both equal and runs it.
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Options;
using AkkaScale.Entities;
using AkkaScale.Journal.Hosting;
using AkkaScale.Sharding;
using AkkaScale.Sharding.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AkkaScale.Tests.Cluster.Entities;

internal static class CartProgram
{
    public static WebApplication Build(string database, int remoting, Uri management)
    {
        // begin sample
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(management.ToString());
        builder.Services.AddAkka("shop", akka => akka
            .WithRemoting("127.0.0.1", remoting)
            .WithClustering(new ClusterOptions { Roles = ["entity"] })
            .WithDatabaseCluster(options =>
                (options.Store, options.ConnectionString, options.ManagementUrl) = (StoreKind.Sqlite, database, management))
            .WithDatabaseBootstrap()
            .WithFencedSqlJournal()
            .WithEntities([EntityKind.Define<Cart, CartCommand, CartEvent>("cart", new Cart([]), Cart.Decide, Cart.Evolve)]));
        var app = builder.Build();
        app.MapClusterContactPoint();
        app.MapClusterLink();
        app.MapPost("/carts/{id}/items/{item}", async (string id, string item, ActorSystem system, CancellationToken stop) =>
            await EntitySharding.For(system).Client.AskAsync(new EntityCommand(new EntityKey("cart", id), new AddItem(item)), stop));
        // end sample
        return app;
    }
}

// begin sample
public sealed record Cart(ImmutableArray<string> Items)
{
    public static Decision<CartEvent> Decide(Cart cart, CartCommand command) => command switch
    {
        AddItem when cart.Items.Length >= 100 => new Refusal("cart/full", "A cart holds at most 100 items."),
        AddItem add => new ItemAdded(add.Item),
        _ => Decision<CartEvent>.Unchanged,
    };

    public static Cart Evolve(Cart cart, CartEvent happened) => cart with { Items = cart.Items.Add(((ItemAdded)happened).Item) };
}

[JsonDerivedType(typeof(AddItem), "add-item")]
public abstract record CartCommand;
public sealed record AddItem(string Item) : CartCommand;

[JsonDerivedType(typeof(ItemAdded), "item-added")]
public abstract record CartEvent;
public sealed record ItemAdded(string Item) : CartEvent;
// end sample
