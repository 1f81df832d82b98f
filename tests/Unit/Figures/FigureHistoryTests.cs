using AkkaScale.Entities;
using AkkaScale.Journal.Figures;
using AkkaScale.Management.Figures;
using AkkaScale.Management.Reports;
using AkkaScale.Sharding.Figures;
using Microsoft.Extensions.Time.Testing;

namespace AkkaScale.Tests.Unit.Figures;

public sealed class FigureHistoryTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly EntityMetrics _counts = new();
    private readonly JournalMetrics _journal;
    private readonly FigureHistory _history = new(TimeSpan.FromSeconds(10));
    private long _messages;

    public FigureHistoryTests() => _journal = new JournalMetrics(_time);

    public void Dispose()
    {
        _counts.Dispose();
        _journal.Dispose();
    }

    [Fact]
    public void Before_the_second_sample_there_is_nothing_to_tell()
    {
        Assert.Equal(new TrafficReport(0, 0, 0, 0, null, null), _history.Window().Traffic());
        Sample(0);
        Assert.Equal(new AppendReport(0, 0, 0, null, null), _history.Window().Appends());
        Assert.Equal(0, _history.Window().Processors());
    }

    [Fact]
    public void Rates_are_of_the_last_ten_seconds_only()
    {
        for (var second = 0; second <= 30; second++)
        {
            Sample(second);
            var each = second < 20 ? 1_000 : 50;
            for (var ask = 0; ask < each; ask++)
            {
                _counts.Answered(ReplyStatus.Accepted, TimeSpan.FromMilliseconds(second < 20 ? 500 : 2));
            }
        }

        var traffic = _history.Window().Traffic();
        Assert.Equal((10, 50), (traffic.WindowSeconds, traffic.AsksPerSecond));
        Assert.InRange(traffic.P99Seconds!.Value, 0.0018, 0.0023);
    }

    [Fact]
    public void A_refusal_is_an_answer_and_a_failure_is_one_that_no_entity_gave()
    {
        Sample(0);
        foreach (var status in Enum.GetValues<ReplyStatus>())
        {
            _counts.Answered(status, TimeSpan.FromMilliseconds(1));
        }

        Sample(1);
        var traffic = _history.Window().Traffic();
        Assert.Equal((9, 4), (traffic.AsksPerSecond, traffic.FailedPerSecond));
    }

    [Fact]
    public void Batches_events_and_failed_slices_are_told_apart()
    {
        Sample(0);
        Append(30, refused: 0);
        Append(10, refused: 1);
        Sample(2);
        var appends = _history.Window().Appends();
        Assert.Equal((1, 20, 0.5), (appends.PerSecond, appends.EventsPerSecond, appends.FailedPerSecond));
        Assert.InRange(appends.P50Seconds!.Value, 0.0035, 0.0045);
    }

    [Fact]
    public void Counts_that_begin_anew_are_not_negative()
    {
        _messages = 5_000;
        Sample(0);
        _messages = 3;
        Sample(1);
        Assert.Equal(0, _history.Window().Traffic().MessagesPerSecond);
    }

    [Fact]
    public void Shares_are_of_the_window()
    {
        Sample(0);
        Sample(4, processor: TimeSpan.FromSeconds(2), pause: TimeSpan.FromMilliseconds(100));
        Assert.Equal((0.5, 0.025), (_history.Window().Processors(), _history.Window().PauseShare()));
    }

    [Fact]
    public void Samples_that_come_late_make_the_window_longer_not_empty()
    {
        Sample(0);
        _counts.Answered(ReplyStatus.Accepted, TimeSpan.FromMilliseconds(1));
        Sample(60);
        Assert.Equal(60, _history.Window().Traffic().WindowSeconds);
        Sample(61);
        Assert.InRange(_history.Window().Length.TotalSeconds, 10, 61);
        Sample(71);
        Assert.Equal(0, _history.Window().Traffic().AsksPerSecond);
    }

    private void Append(int rows, int refused)
    {
        var began = _journal.Now;
        _time.Advance(TimeSpan.FromMilliseconds(4));
        _journal.Appended(began, rows, refused);
    }

    private void Sample(int second, TimeSpan processor = default, TimeSpan pause = default) => _history.Add(new FigureSample(
        TimeSpan.FromSeconds(second), _counts.Asks.Read(), _counts.FailedAsks, _messages, _journal.Appends.Read(), _journal.AppendedRows,
        _journal.FailedSlices, processor, pause));
}
