// franz-go fetching the topic of kafka.mjs, bytes only. Prints one line of JSON.
//
//	main BOOTSTRAP TOPIC COUNT
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	count, err := strconv.Atoi(os.Args[3])
	if err != nil {
		panic(err)
	}
	started := time.Now()
	client, err := kgo.NewClient(
		kgo.SeedBrokers(os.Args[1]),
		kgo.ConsumeTopics(os.Args[2]),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchMaxBytes(50_000_000),
		kgo.FetchMaxPartitionBytes(8_000_000),
	)
	if err != nil {
		panic(err)
	}
	defer client.Close()
	seen := 0
	bytes := 0
	for seen < count {
		fetches := client.PollFetches(context.Background())
		if failed := fetches.Errors(); len(failed) > 0 {
			panic(failed[0].Err)
		}
		fetches.EachRecord(func(record *kgo.Record) {
			seen++
			bytes += len(record.Value)
		})
	}
	fmt.Printf("{\"seconds\": %f, \"bytes\": %d}\n", time.Since(started).Seconds(), bytes)
}
