using AkkaScale.Domain;
using AkkaScale.Gateway;
using AkkaScale.Gateway.Comments;
using AkkaScale.Gateway.Options;
using AkkaScale.Node.Comments;
using AkkaScale.Node.Composition;
using AkkaScale.Node.Host;
using AkkaScale.Node.Lifecycle;

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

var builder = NodeBuilder.Create(args).AddEntities(TaskSystem.Kinds);
builder.Services.AddSingleton<ITaskComments>(services => new EntityComments(() => services.GetRequiredService<NodeSystem>().Running));
builder.Services.AddTaskGateway(gateway => gateway.ClusterName = builder.Options.Cluster.Name);
builder.ConfigureServer = GatewayLimits.Apply;
builder.WarmUp = (services, patience) => services.GetRequiredService<GatewayWarmUp>().RunAsync(patience, CancellationToken.None);
var app = builder.Build();
app.UseTaskGateway();
var node = app.Services.GetRequiredService<NodeSystem>();
return await NodeProgram.RunAsync(app, () => node.ExitCode);
