using AkkaScale.Domain;
using AkkaScale.Gateway;
using AkkaScale.Gateway.Comments;
using AkkaScale.Gateway.Options;
using AkkaScale.Hosting;
using AkkaScale.Hosting.Transfers;
using AkkaScale.Node;

ProcessCulture.MakeInvariant();
if (args is ["healthcheck", ..])
{
    return await Healthcheck.RunAsync(args);
}

if (ProcessCulture.Fault() is { } fault)
{
    Console.Error.WriteLine($"Configuration: {fault}");
    return ExitCodes.Refused;
}

if (StoreTool.Knows(args))
{
    return await StoreTool.RunAsync(args);
}

var builder = AkkaScaleNode.CreateBuilder(args);
foreach (var kind in TaskSystem.Kinds)
{
    builder.AddEntity(kind);
}

builder.Services.AddSingleton<ITaskComments, JournalComments>();
builder.Services.AddTaskGateway(gateway => gateway.ClusterName = builder.Options.Cluster.Name);
builder.ConfigureServer = GatewayLimits.Apply;
var app = builder.Build();
app.UseTaskGateway();
return await app.RunNodeAsync();
