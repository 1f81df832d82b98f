using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using AkkaScale.Entities;
using AkkaScale.Gateway;
using AkkaScale.Gateway.Observability;
using AkkaScale.Journal.Figures;
using AkkaScale.Management.Access;
using AkkaScale.Management.Api;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Hosting;
using AkkaScale.Node.Connections;
using AkkaScale.Node.Lifecycle;
using AkkaScale.Sharding.Figures;
using AkkaScale.Tests.Unit.Architecture;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry.Metrics;

namespace AkkaScale.Tests.Unit.Management;

/// <summary>
/// Dashboards, alerts and our own black-box suites know the series by name: what <c>/metrics</c> shows is compared with a list, after
/// every instrument has measured something once.
/// </summary>
[Collection(MetricsCollection.Name)]
public sealed class MetricSeriesTests
{
    private static readonly string[] ForeignMeters =
        ["Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private static readonly string List = RepositoryFolder.At("tests", "Unit", "Management", "Golden", "metric-series.txt");

    [Fact]
    public async Task The_series_types_and_buckets_are_those_of_the_list()
    {
        await using var app = Build();
        using var journal = new JournalMetrics(TimeProvider.System);
        using var entities = new EntityMetrics();
        entities.ObserveAsks(() => 0);
        entities.ObserveResidents(() => 0);
        RuntimeHelpers.RunClassConstructor(typeof(ConnectionRoom).TypeHandle);
        await app.StartAsync();
        await using var database = new NpgsqlDataSourceBuilder("Host=127.0.0.1").Build();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        // A first answer, so that the server has measured requests.
        _ = await http.GetStringAsync("/metrics");
        MeasureOnce();
        var text = await http.GetStringAsync("/metrics");

        // A scraper rejects an answer that breaks off.
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var (listed, shown) = (await File.ReadAllLinesAsync(List), Describe(text.Split('\n')));
        Assert.True(
            listed.SequenceEqual(shown),
            $"Not shown any more:\n{string.Join('\n', listed.Except(shown))}\nNot in the list:\n{string.Join('\n', shown.Except(listed))}");
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new EntityKindRegistry([]));
        builder.Services.AddSingleton<INodeState, NodeSystem>();
        builder.Services.AddTaskGateway(gateway => gateway.ClusterName = "series");
        builder.Services.AddClusterManagement(new ClusterManagementOptions
        {
            Cluster = "series",
            NodeName = "node-1",
            Store = "sqlite",
            Bind = "127.0.0.1:0",
            Access = new ManagementOptions(),
            TimeToLive = TimeSpan.FromSeconds(2),
        });
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        MetricsEndpoint.Map(app);

        // What is counted before it listens is not seen.
        _ = app.Services.GetRequiredService<MeterProvider>();
        _ = app.Services.GetRequiredService<GatewayMetrics>();
        return app;
    }

    /// <summary>A line for each family: name, type, and the bounds of a histogram.</summary>
    private static string[] Describe(string[] lines)
    {
        var bounds = lines.Where(line => line.Contains("_bucket{", StringComparison.Ordinal))
            .ToLookup(line => line[..line.IndexOf("_bucket{", StringComparison.Ordinal)], line => line.Split("le=\"")[1].Split('"')[0]);
        return [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .Select(words => $"{words[2]} {words[3]}{string.Concat(bounds[words[2]].Distinct().Select(bound => $" {bound}"))}")
            .Order(StringComparer.Ordinal)];
    }

    private static void MeasureOnce()
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            var name = instrument.Meter.Name;
            if (name.StartsWith("AkkaScale.", StringComparison.Ordinal) || ForeignMeters.Contains(name, StringComparer.Ordinal))
            {
                MeasureZero(instrument);
            }
        };
        listener.Start();
    }

    private static void MeasureZero(Instrument instrument)
    {
        if (!instrument.IsObservable)
        {
            var number = instrument.GetType().GetGenericArguments()[0];
            var measure = instrument.GetType().GetMethod("Add", [number]) ?? instrument.GetType().GetMethod("Record", [number]);
            measure!.Invoke(instrument, [Convert.ChangeType(0, number, CultureInfo.InvariantCulture)]);
        }
    }
}
