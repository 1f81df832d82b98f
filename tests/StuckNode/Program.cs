using System.Globalization;
using AkkaScale.Entities;
using AkkaScale.Node.Composition;
using AkkaScale.Node.Host;
using AkkaScale.Node.Lifecycle;
using AkkaScale.Tests.StuckNode;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

ProcessCulture.MakeInvariant();
var app = NodeBuilder.Create(args).AddEntities([Sticky.Kind]).Build();

// Status and version of the reply, in a line.
app.MapPost("/sticky/{id}", async (string id, bool? spins, bool? throws, IEntityClient client, CancellationToken stop) =>
{
    var reply = await client.AskAsync(new EntityCommand(new EntityKey("sticky", id), new Poke(spins ?? false, throws ?? false)), stop);
    return string.Create(CultureInfo.InvariantCulture, $"{reply.Status} {reply.Version}");
});
app.MapPost("/release", Sticky.Release);
var node = app.Services.GetRequiredService<NodeSystem>();
return await NodeProgram.RunAsync(app, () => node.ExitCode);
