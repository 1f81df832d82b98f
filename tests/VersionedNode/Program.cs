using AkkaScale.Hosting;
using AkkaScale.Entities;
using AkkaScale.Gateway;
using AkkaScale.Sharding.Entities;
using AkkaScale.Tests.VersionedNode;
using Microsoft.AspNetCore.Builder;

// A node whose kind exists in two releases: --revision 1 or 2, and with --downcast true the second can write the first's events.
var revision = ValueOf("--revision") ?? "1";
var node = AkkaScaleNode.CreateBuilder(args);
node.AddEntity(Ledger.Kind(int.Parse(revision), ValueOf("--downcast") == "true"));
var app = node.Build();
app.MapPost("/ledgers/{id}/{amount:int}", (string id, int amount, IEntityClient entities, CancellationToken stop) =>
    entities.AskAsync(new(new("ledger", id), new Book(amount)) { Timeout = TimeSpan.FromSeconds(10) }, stop).ToHttp());
app.MapGet("/ledgers/{id}", (string id, IEntityClient entities, CancellationToken stop) =>
    entities.AskAsync(new(new("ledger", id), new Look()) { IsRead = true }, stop).ToHttp());
return await app.RunNodeAsync();

string? ValueOf(string name)
{
    var index = Array.IndexOf(args, name);
    return index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
}
