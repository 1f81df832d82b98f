using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using AkkaScale.Hosting.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AkkaScale.Tests.Unit.Metrics;

public sealed class PrometheusExporterTests : IDisposable
{
    /// <summary>Instrument names carry it: other tests of this process measure as well.</summary>
    private readonly string _prefix = $"t{Guid.NewGuid():N}";
    private readonly Meter _meter = new("AkkaScale.Test");
    private readonly PrometheusExporter _exporter = new(NullLogger<PrometheusExporter>.Instance, maxSeriesPerInstrument: 10);

    public void Dispose()
    {
        _exporter.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void A_counter_is_written_with_help_type_unit_and_total()
    {
        var bytes = _meter.CreateCounter<long>($"{_prefix}.sent.data", "By", "Bytes\nsent \\ lost");
        bytes.Add(3);
        bytes.Add(4);
        bytes.Add(-1);

        ShouldWrite(
            """
            # HELP P_sent_data_bytes_total Bytes\nsent \\ lost
            # TYPE P_sent_data_bytes_total counter
            P_sent_data_bytes_total 7

            """);
    }

    [Fact]
    public void Labels_are_sorted_and_escaped_and_their_order_makes_no_difference()
    {
        var counter = _meter.CreateCounter<int>($"{_prefix}.c", "{frame}");
        counter.Add(1, new("b.b", "a\"b\\c\nd"), new("a", true));
        counter.Add(2, new("a", true), new KeyValuePair<string, object?>("b.b", "a\"b\\c\nd"));
        counter.Add(5, new("a", 7), new KeyValuePair<string, object?>("b.b", null));

        ShouldWrite(
            """
            # TYPE P_c_total counter
            P_c_total{a="7",b_b=""} 5
            P_c_total{a="true",b_b="a\"b\\c\nd"} 3

            """);
    }

    [Fact]
    public void Tags_that_become_one_name_become_one_label()
    {
        _meter.CreateCounter<int>($"{_prefix}.c").Add(1, new("a.b", "1"), new KeyValuePair<string, object?>("a_b", "2"));

        ShouldWrite("# TYPE P_c_total counter\nP_c_total{a_b=\"1;2\"} 1\n");
    }

    [Fact]
    public void A_sum_that_shrinks_is_a_gauge_and_a_gauge_keeps_the_last_value()
    {
        var sum = _meter.CreateUpDownCounter<double>($"{_prefix}.a.sum");
        sum.Add(2.5);
        sum.Add(-4);
        var gauge = _meter.CreateGauge<long>($"{_prefix}.b.gauge", "s");
        gauge.Record(5);
        gauge.Record(3);

        ShouldWrite(
            """
            # TYPE P_a_sum gauge
            P_a_sum -1.5
            # TYPE P_b_gauge_seconds gauge
            P_b_gauge_seconds 3

            """);
    }

    [Fact]
    public void Buckets_of_a_histogram_are_cumulative_and_end_with_the_count()
    {
        var histogram = _meter.CreateHistogram(
            $"{_prefix}.time", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2] });
        foreach (var value in (double[])[0.5, 0.51, 1, 3, double.NaN, -1])
        {
            histogram.Record(value, new KeyValuePair<string, object?>("kind", "task"));
        }

        ShouldWrite(
            """
            # TYPE P_time_seconds histogram
            P_time_seconds_bucket{kind="task",le="0.5"} 2
            P_time_seconds_bucket{kind="task",le="1"} 4
            P_time_seconds_bucket{kind="task",le="2"} 4
            P_time_seconds_bucket{kind="task",le="+Inf"} 5
            P_time_seconds_sum{kind="task"} 4.01
            P_time_seconds_count{kind="task"} 5

            """);
    }

    [Theory]
    [InlineData("s", "0.0001", "10")]
    [InlineData("ms", "0.1", "10000")]
    [InlineData("By", "64", "16777216")]
    [InlineData(null, "1", "10000")]
    public void Without_advice_buckets_follow_the_unit(string? unit, string first, string last)
    {
        _meter.CreateHistogram<long>($"{_prefix}.h", unit).Record(1);

        var buckets = Written().Split('\n').Where(line => line.Contains("_bucket{")).ToArray();

        Assert.Contains($"le=\"{first}\"", buckets[0]);
        Assert.Contains($"le=\"{last}\"", buckets[^2]);
        Assert.Contains("le=\"+Inf\"} 1", buckets[^1]);
    }

    [Fact]
    public void Observed_values_are_as_reported_now_and_what_is_gone_is_not_written()
    {
        var values = new List<Measurement<int>> { new(5, new KeyValuePair<string, object?>("of", "a")), new(7, new KeyValuePair<string, object?>("of", "b")) };
        _meter.CreateObservableCounter($"{_prefix}.a", () => values);
        _meter.CreateObservableGauge($"{_prefix}.b", () => values);
        _ = Written();
        values.RemoveAt(0);

        ShouldWrite(
            """
            # TYPE P_a_total counter
            P_a_total{of="b"} 7
            # TYPE P_b gauge
            P_b{of="b"} 7

            """);
    }

    [Fact]
    public void A_callback_that_fails_does_not_hide_the_others()
    {
        _meter.CreateObservableGauge($"{_prefix}.a", int () => throw new InvalidTimeZoneException());
        _meter.CreateObservableGauge($"{_prefix}.b", () => 1);

        ShouldWrite("# TYPE P_b gauge\nP_b 1\n");
    }

    [Fact]
    public void Past_the_bound_label_sets_share_one_series()
    {
        var counter = _meter.CreateCounter<int>($"{_prefix}.c");
        for (var i = 0; i < 1000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        var samples = Written().Split('\n').Where(line => line.Contains('{')).ToArray();

        Assert.Equal(11, samples.Length);
        Assert.Contains($"{_prefix}_c_total{{otel_metric_overflow=\"true\"}} 990", samples);
    }

    [Fact]
    public void A_label_value_of_any_length_is_cut()
    {
        _meter.CreateCounter<int>($"{_prefix}.c").Add(1, new KeyValuePair<string, object?>("a", new string('x', 10_000)));

        Assert.Contains($"\"{new string('x', 256)}\"", Written());
    }

    [Fact]
    public void Instruments_of_the_same_name_add_up_and_leave_with_their_meter()
    {
        _meter.CreateCounter<int>($"{_prefix}.c").Add(1);
        using (var other = new Meter("AkkaScale.Other"))
        {
            other.CreateCounter<int>($"{_prefix}.c").Add(10);
            ShouldWrite("# TYPE P_c_total counter\nP_c_total 11\n");
        }

        ShouldWrite("# TYPE P_c_total counter\nP_c_total 1\n");
    }

    [Fact]
    public void A_name_keeps_the_type_it_had_first()
    {
        _meter.CreateUpDownCounter<int>($"{_prefix}.c").Add(1);
        _meter.CreateHistogram<int>($"{_prefix}.c").Record(1);

        ShouldWrite("# TYPE P_c gauge\nP_c 1\n");
    }

    [Fact]
    public void Meters_of_others_are_written_only_if_named()
    {
        using var stranger = new Meter("Stranger");
        stranger.CreateCounter<int>($"{_prefix}.a").Add(1);
        using var kestrel = new Meter("Microsoft.AspNetCore.Server.Kestrel");
        kestrel.CreateCounter<int>($"{_prefix}.b").Add(1);

        ShouldWrite("# TYPE P_b_total counter\nP_b_total 1\n");
        Assert.Contains("# TYPE dotnet_gc_collections_total counter", Everything());
    }

    [Theory]
    [InlineData("1starts.with-a digit", null, "_1starts_with_a_digit")]
    [InlineData("a..b--c", "", "a_b_c")]
    [InlineData("wait.seconds", "s", "wait_seconds")]
    [InlineData("load", "1", "load_ratio")]
    [InlineData("cpu", "%", "cpu_percent")]
    [InlineData("rows", "row/s", "rows_row_s")]
    [InlineData("grüße", "{x}", "gr_e")]
    public void Names_follow_the_format(string name, string? unit, string expected) =>
        Assert.Equal(expected, PrometheusName.Of(name, unit, MetricKind.Gauge));

    [Fact]
    public async Task Nothing_is_lost_when_many_record_at_once()
    {
        var counter = _meter.CreateCounter<double>($"{_prefix}.a");
        var histogram = _meter.CreateHistogram<int>($"{_prefix}.b");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(0.5, new KeyValuePair<string, object?>("worker", worker % 2));
                histogram.Record(i % 4);
                if (i % 1000 == 0)
                {
                    _ = Written();
                }
            }
        })));

        var text = Written();
        Assert.Contains("_a_total{worker=\"0\"} 20000\n", text);
        Assert.Contains("_a_total{worker=\"1\"} 20000\n", text);
        Assert.Contains("_b_sum 120000\n", text);
        Assert.Contains("_b_count 80000\n", text);
        Assert.Contains("_b_bucket{le=\"2\"} 60000\n", text);
    }

    [Fact]
    public void A_sum_of_fractions_loses_nothing_between_two_threads()
    {
        const int Count = 3_000_000;
        var series = new SumSeries("", growing: true);
        using var start = new Barrier(2);
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < Count; i++)
            {
                series.Record(0.5);
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(Count, series.Read().Value);
    }

    private void ShouldWrite(string expected) => Assert.Equal(expected, Written().Replace(_prefix, "P", StringComparison.Ordinal));

    /// <summary>The families of this test.</summary>
    private string Written() =>
        string.Concat(Everything().Split('\n').Where(line => line.Contains(_prefix)).Select(line => $"{line}\n"));

    private string Everything()
    {
        var output = new ArrayBufferWriter<byte>();
        _exporter.WriteTo(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
