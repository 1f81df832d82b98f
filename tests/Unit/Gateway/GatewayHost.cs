using System.Net;
using System.Text;
using AkkaScale.Entities;
using AkkaScale.Gateway;
using AkkaScale.Gateway.Comments;
using AkkaScale.Gateway.Options;
using AkkaScale.Node;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Tests.Unit.Gateway;

/// <summary>The gateway on a real server with its real limits, on a free port of the loopback address.</summary>
public sealed class GatewayHost : IAsyncLifetime
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };
    private int _made;

    public GatewayHost()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            GatewayLimits.Apply(server);
            server.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddSingleton<IEntityClient>(Entities);
        builder.Services.AddSingleton<ITaskComments>(Entities);
        builder.Services.AddTaskGateway(options => options.ClusterName = "test");
        builder.Services.AddLogging(logging => logging.ClearProviders());
        _app = builder.Build();
        _app.UseTaskGateway();
    }

    internal InMemoryEntities Entities { get; } = new();

    internal int Port { get; private set; }

    internal IServiceProvider Services => _app.Services;

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        Port = new Uri(_app.Urls.Single()).Port;
        _client.BaseAddress = new Uri($"http://127.0.0.1:{Port}");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>An id no other test of this host has.</summary>
    internal string NewId(string prefix) => $"{prefix}-{Interlocked.Increment(ref _made)}";

    internal Task<HttpAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    /// <summary>A changing request; "ann" acts unless the headers say who.</summary>
    internal Task<HttpAnswer> ChangeAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body, headers.Any(header => header.Name == "X-Acting-User") ? headers : [("X-Acting-User", "ann"), .. headers]);

    internal async Task<HttpAnswer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new("application/json");
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value) || request.Content?.Headers.TryAddWithoutValidation(name, value) == true, name);
        }

        using var response = await _client.SendAsync(request);
        return await HttpAnswer.ReadAsync(response);
    }

    /// <summary>A project that takes tasks.</summary>
    internal async Task<string> NewProjectAsync()
    {
        var project = NewId("p");
        (await ChangeAsync("PUT", $"/projects/{project}", """{"name":"Project","owner":"ann"}""")).Expect(201);
        return project;
    }

    /// <summary>An open task in a project of its own.</summary>
    internal async Task<string> NewTaskAsync()
    {
        var (project, task) = (await NewProjectAsync(), NewId("t"));
        (await ChangeAsync("PUT", $"/tasks/{task}", $$"""{"project":"{{project}}","title":"Title"}""")).Expect(201);
        return task;
    }
}
